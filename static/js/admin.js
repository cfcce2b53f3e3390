// The admin's pickers (select2) take the name of the field that they stand for, or of the column in a table of rows.
(() => {
  "use strict";
  const heading = (field) => {
    const cell = field.closest("td");
    const column = [...cell?.classList ?? []].find((name) => name.startsWith("field-"))?.replace("field-", "column-");
    return column && cell.closest("table").querySelector(`th.${column}`);
  };
  const label = (part, ...ids) => part.setAttribute("aria-labelledby", ids.join(" "));

  const name = (field) => {
    const said = field.labels[0] ?? heading(field);
    const picker = field.nextElementSibling;
    if (!said || !picker?.matches(".select2-container")) return;
    said.id ||= `${field.id}-name`;
    picker.querySelectorAll("[role=textbox], .select2-search__field").forEach((part) => label(part, said.id));
    const shown = picker.querySelector("[role=textbox]")?.id ?? "";
    picker.querySelectorAll("[role=combobox]").forEach((part) => label(part, said.id, shown));
    const search = document.querySelector(`.select2-search__field[aria-controls="select2-${field.id}-results"]`);
    if (search) label(search, said.id);
  };
  // select2 comes when it will: with the page, with a row that is added, with a list that opens.
  const all = () => document.querySelectorAll("select.select2-hidden-accessible").forEach(name);
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
})();
