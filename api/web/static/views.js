// Choices act at once; without this module a button does the same. What is not chosen stays out of the address.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.querySelector(".plain")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}
