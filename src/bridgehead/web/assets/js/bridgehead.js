// Enhancements only: every page works without this file.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import "./passkey.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(Button, { preventDoubleClick: true });
[CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink].forEach(
  (component) => createAll(component),
);

// On a phone the filters fold up above the results, unless one of them holds an error. Without a
// script they stay open, and a link leads past them.
const phone = window.matchMedia("(max-width: 48.0525em)");
const fold = () => {
  for (const filters of document.querySelectorAll("[data-fold]")) {
    filters.open = !phone.matches || filters.querySelector(".govuk-error-message") !== null;
  }
};
phone.addEventListener("change", fold);
fold();

// "Print this page" is a button that only exists where a script can press it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
