// A directory's page where htmx is at work: what it leaves open. Without this file every page works as a plain form.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const chips = () => [...document.querySelectorAll(".chips a")];
  const typed = () => [...byId("ask").elements].filter((control) => control.matches("input:not([type=checkbox])"));

  // By its id htmx finds again what had the focus. A checkbox gets its own here: in the page they would weigh much.
  const giveIds = () => document.querySelectorAll("#filters [type=checkbox]").forEach((box) => {
    box.id = `${box.name}-${box.value}`;
  });
  giveIds();

  // A choice is asked at once. A field that is typed in waits for Enter or the button.
  document.addEventListener("change", (event) => {
    const control = event.target;
    if (control.form?.id === "ask" && (control.type === "checkbox" || control.tagName === "SELECT")) {
      control.form.requestSubmit();
    }
  });

  // Where the focus goes when the answer is there: from a chip that went to the next one, from the pager to the
  // heading of the results. Everything else keeps it, by its id.
  let chip = -1;
  let toHeading = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    chip = chips().indexOf(event.detail.elt);
    toHeading = chip >= 0 || event.detail.elt.matches("nav a, .entries a");
    byId("failed").hidden = true;
    byId("results").setAttribute("aria-busy", "true");
  });

  // What was open stays open, and what has been typed meanwhile and not yet asked stays typed.
  let open = [];
  let unasked = [];
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
    unasked = typed().filter((control) => control.value !== control.defaultValue).map(({ id, value }) => ({ id, value }));
  });
  // Before htmx gives the focus back: what is closed cannot take it.
  document.addEventListener("htmx:oobAfterSwap", () => {
    giveIds();
    open.forEach((id) => byId(id)?.setAttribute("open", ""));
  });
  document.addEventListener("htmx:afterSettle", () => {
    unasked.forEach(({ id, value }) => { byId(id).value = value; });
    if (toHeading) {
      (chips()[chip] ?? byId("results-count")).focus();
      toHeading = false;
    }
  });

  const failed = (event) => {
    byId("results").removeAttribute("aria-busy");
    byId("failed").querySelector("a").setAttribute("href", event.detail.pathInfo.finalRequestPath);
    byId("failed").hidden = false;
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();
