// A link with data-jump leads to the field of that name, wherever it lies folded, and puts the cursor there.
const WRITABLE = '[contenteditable=true], textarea, select, input:not([type=hidden]), button'

export function jumpToFields(root) {
  root.addEventListener('click', (event) => {
    const link = event.target.closest('[data-jump]')
    if (!link) return
    const field = fieldOf(link.dataset.jump)
    if (!field) return
    event.preventDefault()
    unfold(field)
    field.scrollIntoView({ block: 'center' })
    const places = [...field.querySelectorAll(WRITABLE)].filter((place) => place.offsetParent !== null)
    places[0]?.focus({ preventScroll: true })
  })
}

function fieldOf(name) {
  if (name === 'files') return document.querySelector('[data-uploads]') || document.getElementById('id_files-FORMS')
  return document.querySelector(`[data-field][data-contentpath="${CSS.escape(name)}"]`)
}

function unfold(field) {
  const tab = field.closest('[role=tabpanel]')
  if (tab?.hidden) document.querySelector(`[role=tab][href="#${CSS.escape(tab.id)}"]`)?.click()
  for (let panel = field.closest('[data-panel]'); panel; panel = panel.parentElement.closest('[data-panel]')) {
    panel.querySelector('[data-panel-toggle][aria-expanded=false]')?.click()
  }
}
