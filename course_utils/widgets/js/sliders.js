// ipywidgets leaves the handle of a slider without an accessible name.

/** Give every slider of the explorer around `el` the name that stands beside it, as soon as it is on the page. */
export function nameSliders(el, count) {
  const observer = new MutationObserver(name);
  function name() {
    const explorer = el.closest(".course-explorer");
    let named = 0;
    for (const slider of explorer?.querySelectorAll(".widget-slider") ?? []) {
      const label = slider.querySelector(".widget-label");
      const handles = slider.querySelectorAll(".noUi-handle, .ui-slider-handle");
      handles.forEach((handle) => handle.setAttribute("aria-label", label.textContent));
      named += handles.length;
    }
    if (named >= count) observer.disconnect();
  }
  observer.observe(document.body, { childList: true, subtree: true });
  name();
  return () => observer.disconnect();
}
