// The one Trusted Types policy, loaded before everything else. Markup comes from this instance
// alone (the page's CSP lets scripts reach no other), and what people wrote was sanitised there;
// inline handlers and scripts inside it are stopped by the CSP. No code is ever made from text.
"use strict";
if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => text,
    createScript: () => null,
    createScriptURL: (address) => {
      const url = new URL(address, document.baseURI);
      const ours = url.pathname.startsWith("/static/") || url.pathname === "/service-worker.js";
      return url.origin === location.origin && ours ? url.href : null;
    },
  });
}
