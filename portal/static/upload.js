// Files on their way: how much was sent, in real numbers, and a way to stop.
// Without this script, and after any fault, the form is the browser's own.
"use strict";
(() => {
  const input = document.getElementById("evidence");
  const box = document.getElementById("upload");
  if (!input || !box || !window.FormData) return;
  const form = input.form, bar = box.querySelector("progress"), label = bar.labels[0];
  const said = box.querySelector("output"), stop = box.querySelector("button");
  const number = new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const megabytes = bytes => number.format(bytes / 1e6) + " MB";
  let request = null, isPlain = false;

  const show = text => { box.hidden = false; said.textContent = text; };
  const rest = isSending => {
    label.hidden = bar.hidden = stop.parentElement.hidden = !isSending;
    form.querySelectorAll("button").forEach(each => { each.disabled = isSending; });
  };
  // What the server answers takes the place of this page, as after any form.
  const take = () => {
    if (!(request.getResponseHeader("Content-Type") || "").startsWith("text/html"))
      return fail();
    if (request.responseURL && request.responseURL !== aim) {
      location.assign(request.responseURL);
      return;
    }
    const page = request.responseText;
    document.open();
    document.write(page);
    document.close();
    scrollTo(0, 0);
  };
  const again = () => {
    rest(false);
    show(box.dataset.again);
  };
  const fail = () => {
    isPlain = true;
    again();
  };
  let aim = "";

  form.addEventListener("submit", event => {
    if (request) { event.preventDefault(); return; }
    if (isPlain || !input.files.length) return;
    event.preventDefault();
    const pressed = event.submitter, data = new FormData(form);
    if (pressed && pressed.name) data.append(pressed.name, pressed.value);
    aim = new URL((pressed && pressed.getAttribute("formaction")) || form.getAttribute("action"), location.href).href;
    const sending = request = new XMLHttpRequest();
    sending.open("POST", aim);
    sending.upload.onprogress = sent => {
      if (!sent.lengthComputable) return;
      bar.value = sent.loaded / sent.total;
      show(megabytes(sent.loaded) + " / " + megabytes(sent.total));
    };
    sending.onload = () => { take(); request = null; };
    // The browser's own page for a lost line would take what was typed with it.
    sending.onerror = () => { request = null; again(); };
    sending.onabort = () => { request = null; rest(false); box.hidden = true; };
    bar.value = 0;
    rest(true);
    show("");
    sending.send(data);
    stop.focus();
  });
  stop.addEventListener("click", () => request && request.abort());
  const first = document.querySelector("[autofocus]");
  if (first) first.focus();
})();
