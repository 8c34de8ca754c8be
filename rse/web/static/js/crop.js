// Shows which square of a chosen picture is kept. The sliders decide; dragging moves them.
const SIZE = 384;

export function start(root) {
  for (const form of root.querySelectorAll("[data-crop]:not([data-crop-ready])")) prepare(form);
}

function prepare(form) {
  form.dataset.cropReady = "";
  const view = document.createElement("canvas");
  view.className = "crop-view";
  view.width = view.height = SIZE;
  view.hidden = true;
  view.setAttribute("role", "img");
  view.setAttribute("aria-label", form.dataset.cropLabel);
  form.querySelector(".crop").prepend(view);
  const crop = { form, view, picture: null };
  form.elements.portrait.addEventListener("change", () => load(crop));
  for (const name of ["across", "down", "side"]) {
    form.elements[name].addEventListener("input", () => draw(crop));
  }
  view.addEventListener("pointerdown", (event) => drag(crop, event));
}

async function load(crop) {
  const [file] = crop.form.elements.portrait.files;
  crop.picture?.close();
  // What cannot be shown here is looked at, and refused in words, by the server.
  crop.picture = file ? await createImageBitmap(file).catch(() => null) : null;
  crop.view.hidden = !crop.picture;
  draw(crop);
}

// The same arithmetic as the server's.
function box({ form, picture }) {
  const { across, down, side } = form.elements;
  const size = Math.min(picture.width, picture.height) * side.value / 1000;
  return {
    size,
    left: (picture.width - size) * across.value / 1000,
    top: (picture.height - size) * down.value / 1000,
  };
}

function draw(crop) {
  if (!crop.picture) return;
  const { size, left, top } = box(crop);
  const context = crop.view.getContext("2d");
  context.clearRect(0, 0, SIZE, SIZE);
  context.drawImage(crop.picture, left, top, size, size, 0, 0, SIZE, SIZE);
}

function drag(crop, first) {
  if (!crop.picture) return;
  const { across, down } = crop.form.elements;
  const begin = { ...box(crop), x: first.clientX, y: first.clientY };
  const scale = begin.size / crop.view.getBoundingClientRect().width;
  crop.view.setPointerCapture(first.pointerId);
  const move = (event) => {
    place(across, begin.left - (event.clientX - begin.x) * scale, crop.picture.width - begin.size);
    place(down, begin.top - (event.clientY - begin.y) * scale, crop.picture.height - begin.size);
    draw(crop);
  };
  crop.view.addEventListener("pointermove", move);
  crop.view.addEventListener("pointerup", () => crop.view.removeEventListener("pointermove", move), { once: true });
  crop.view.addEventListener("pointercancel", () => crop.view.removeEventListener("pointermove", move), { once: true });
}

function place(slider, pixels, room) {
  if (room > 0) slider.value = Math.round(pixels / room * 1000);
}
