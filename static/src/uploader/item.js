// One file in the list of those on their way: its state in words, one button for what can be done next, and "Remove".
import { described, Speed } from './progress.js'

const ACTIONS = { waiting: 'pause', sending: 'pause', paused: 'goOn', failed: 'tryAgain', unlikely: 'allTheSame' }
const BUSY = new Set(['waiting', 'sending', 'finishing', 'paused'])

let count = 0

export class Item {
  constructor(template, name, texts, { act, remove }) {
    this.element = template.content.firstElementChild.cloneNode(true)
    this.texts = texts
    this.speed = new Speed()
    this.part('name').textContent = name
    this.bar = this.element.querySelector('progress')
    this.bar.setAttribute('aria-label', name)
    this.button = this.element.querySelector('[data-do=act]')
    this.button.addEventListener('click', () => act(ACTIONS[this.element.dataset.state]))
    const cancel = this.element.querySelector('[data-do=cancel]')
    cancel.addEventListener('click', remove)
    this.part('name').id = `upload-${(count += 1)}`
    for (const button of [this.button, cancel]) button.setAttribute('aria-describedby', this.part('name').id)
  }

  part(name) {
    return this.element.querySelector(`[data-part=${name}]`)
  }

  show(state, text) {
    this.element.dataset.state = state
    this.element.classList.toggle('uploads__item--failed', state === 'failed')
    if (BUSY.has(state)) this.element.dataset.busy = 'true'
    else delete this.element.dataset.busy
    const action = ACTIONS[state]
    this.button.hidden = !action
    if (action) this.button.textContent = this.texts[action]
    this.bar.hidden = !BUSY.has(state) && state !== 'failed'
    this.part('state').textContent = text
    if (state !== 'sending') this.speed.stop()
  }

  progress(bytes, size) {
    this.bar.value = bytes / size
    if (bytes === size) this.show('finishing', this.texts.finishing)
    else this.show('sending', described(bytes, size, this.speed.at(bytes), this.texts.sending))
  }

  note(text) {
    this.part('note').textContent = text
  }
}
