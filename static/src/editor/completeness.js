// Which of the needs that the server lists are met by what stands in the form now. The rules are the server's: each line names
// its fields, and one of them that holds something is enough.
import { textOf } from './rich_text.js'

const PAUSE = 300 // milliseconds: longer than the rich text editor takes to hand over what was typed

export function setUpCompleteness(root) {
  const form = root.closest('form')
  let timer = null
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => show(root, form), PAUSE)
  }
  for (const kind of ['input', 'change', 'click', 'keyup', 'focusout', 'w-autosave:success']) form.addEventListener(kind, soon)
  const files = document.getElementById('id_files-FORMS')
  if (files) new MutationObserver(soon).observe(files, { subtree: true, childList: true, attributeFilter: ['value', 'data-state'] })
  show(root, form)
  root.dataset.ready = 'true'
}

function show(root, form) {
  const there = (name) => isFilled(form, name, root.dataset.placeholder)
  for (const line of root.querySelectorAll('[data-fields]')) line.hidden = line.dataset.fields.split(' ').some(there)
  root.querySelector('[data-files-wait]').hidden = rows(form).every((row) => row.dataset.state === 'verified')
  for (const list of root.querySelectorAll('[data-list]')) list.hidden = !list.querySelector('li:not([hidden])')
  const required = [...root.querySelectorAll('[data-list=required] [data-fields]')]
  const met = required.filter((line) => line.hidden).length
  root.querySelector('meter').value = met
  root.querySelector('[data-met]').textContent = String(met)
  root.querySelector('[data-complete]').hidden = !root.querySelector('[data-list=required]').hidden
}

function isFilled(form, name, placeholder) {
  if (name === 'files') return rows(form).length > 0
  const found = form.elements[name]
  if (!found) return false
  const fields = found instanceof RadioNodeList ? [...found] : [found]
  return fields.some((field) => {
    if (field.type === 'checkbox') return field.checked
    if (name === 'body') return textOf(field.value).trim() !== ''
    const text = field.value.trim()
    return text !== '' && !(name === 'title' && text === placeholder)
  })
}

function rows(form) {
  return [...form.querySelectorAll('[data-stored-object]')].filter((row) => {
    const input = row.querySelector('input')
    const gone = form.elements[input.name.replace(/[^-]+$/, 'DELETE')]
    return input.value && !(gone && (gone.value === '1' || gone.checked))
  })
}
