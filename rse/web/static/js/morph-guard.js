// A swap must not close what is open, stop what plays or take away what somebody types.
const PLAYING = "audio, video";

function typed(element) {
  if (element.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")) {
    return element.value !== element.defaultValue;
  }
  if (element.matches("input[type=checkbox], input[type=radio]")) {
    return element.checked !== element.defaultChecked;
  }
  return false;
}

window.htmx?.registerExtension("morph-guard", {
  htmx_before_morph_node: (element, { newNode }) => {
    if (!(element instanceof Element) || !(newNode instanceof Element)) return true;
    if (element.matches("details, dialog")) newNode.toggleAttribute("open", element.open);
    if (element.matches(PLAYING) && !element.paused) return false;
    return !(typed(element) || (element === document.activeElement && element.matches("textarea, input, select")));
  },
});
