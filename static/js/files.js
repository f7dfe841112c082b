// Attachments: shows what was picked, and refuses a file that is too large before it is sent.
import { words } from "./words.js";

/** @param {number} bytes @returns {string} the size as Vietnamese readers write it */
export function sizeLabel(bytes) {
  const format = (/** @type {number} */ n, /** @type {number} */ digits) => n.toLocaleString("vi-VN", { maximumFractionDigits: digits });
  return bytes < 1e6 ? `${format(Math.max(1, bytes / 1024), 0)} kB` : `${format(bytes / 1048576, 1)} MB`;
}

/** @param {File} file @returns {HTMLLIElement} */
function row(file) {
  const item = document.createElement("li");
  item.className = "file";
  const thumb = document.createElement("span");
  thumb.className = "thumb";
  if (file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.onload = () => URL.revokeObjectURL(picture.src);
    thumb.append(picture);
  } else thumb.textContent = file.name.split(".").pop()?.slice(0, 4).toUpperCase() ?? "";
  const text = document.createElement("span");
  text.className = "grow";
  text.textContent = `${file.name} · ${sizeLabel(file.size)}`;
  item.append(thumb, text);
  return item;
}

function onPick(/** @type {Event} */ event) {
  const input = event.target;
  const place = input instanceof HTMLInputElement && input.type === "file" ? /** @type {HTMLElement | null} */ (input.closest("[data-files]")) : null;
  if (!place) return;
  const picked = /** @type {HTMLInputElement[]} */ ([...place.querySelectorAll("input[type=file]")]);
  const limit = Number(place.dataset.maxBytes ?? Infinity);
  for (const one of picked) {
    const large = [...(one.files ?? [])].find((file) => file.size > limit);
    one.setCustomValidity(large ? words.tooLarge(large.name, place.dataset.maxLabel ?? sizeLabel(limit)) : "");
    if (large) one.reportValidity();
  }
  place.querySelector(".previews")?.replaceChildren(...picked.flatMap((one) => [...(one.files ?? [])]).map(row));
}

export function startFiles() {
  document.addEventListener("change", onPick);
}
