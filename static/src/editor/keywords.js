// Keywords that the text suggests, as buttons; a press adds one to the field.
import { textOf } from './rich_text.js'

export function setUpKeywordSuggestions(root) {
  const form = root.closest('form')
  const ask = root.querySelector('[data-ask]')
  const status = root.querySelector('[role=status]')
  ask.addEventListener('click', async () => {
    ask.disabled = true
    status.textContent = ''
    try {
      const known = new Set(present(form).map((word) => word.toLowerCase()))
      const offered = (await suggestions(root.dataset.url, form)).filter((word) => !known.has(word.toLowerCase()))
      root.querySelector('ul').replaceChildren(...offered.map((word) => chip(form, word)))
      if (!offered.length) status.textContent = status.dataset.none
    } catch {
      status.textContent = status.dataset.failed
    } finally {
      ask.disabled = false
    }
  })
}

async function suggestions(url, form) {
  const { title, abstract, language, body, csrfmiddlewaretoken } = form.elements
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json', 'X-CSRFToken': csrfmiddlewaretoken.value },
    body: new URLSearchParams({ title: title.value, abstract: abstract.value, language: language.value, body: textOf(body.value) }),
  })
  if (!response.ok) throw new Error(response.status)
  return (await response.json()).keywords
}

function chip(form, word) {
  const item = document.createElement('li')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button button-small button-secondary'
  button.textContent = `+ ${word}`
  button.addEventListener('click', () => {
    const next = item.nextElementSibling || item.previousElementSibling
    add(form, word)
    item.remove()
    next?.querySelector('button').focus()
  })
  item.append(button)
  return item
}

// Wagtail's field of tags is a widget of jQuery; it writes them into the input, with quotes and commas.
function widget(form) {
  return window.jQuery(form.elements.keywords)
}

function present(form) {
  return widget(form).tagit('assignedTags')
}

function add(form, word) {
  widget(form).tagit('createTag', word)
  form.elements.keywords.dispatchEvent(new Event('change', { bubbles: true }))
}
