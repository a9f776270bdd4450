// Parts of a page that are folded on a phone stand open where there is room, and on paper.

const wide = matchMedia("(min-width: 48.01rem)");

function unfold(root) {
  if (wide.matches) for (const part of root.querySelectorAll("details.fold--wide")) part.open = true;
}

unfold(document);
wide.addEventListener("change", () => unfold(document));

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const part of opened) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of opened) part.open = false;
  opened = [];
});
