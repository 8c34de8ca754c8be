// Shows light or dark as soon as it is chosen; the form then keeps it.
export function start(root) {
  const choice = root.querySelector("select[name=scheme]");
  choice.addEventListener("change", () => {
    if (choice.value) document.documentElement.dataset.scheme = choice.value;
    else delete document.documentElement.dataset.scheme;
  });
}
