// The place for files above the rows of the form: choose or drop, see progress, cancel, try again; what is done becomes a row.
import Uppy from '@uppy/core'
import { Api } from './api.js'
import { fill } from './rows.js'
import StoreUpload from './store_upload.js'

export function setUpUploads(root) {
  const texts = JSON.parse(root.querySelector('script[type="application/json"]').textContent)
  const panel = new Panel(root, texts)
  panel.listen()
  root.dataset.ready = 'true'
}

class Panel {
  constructor(root, texts) {
    this.root = root
    this.texts = texts
    this.list = root.querySelector('[data-uploads-list]')
    this.drop = root.querySelector('[data-uploads-drop]')
    this.input = root.querySelector('input[type=file]')
    this.template = root.querySelector('template')
    this.uppy = new Uppy({ autoProceed: true, restrictions: { maxFileSize: Number(root.dataset.maxBytes) } })
    this.uppy.use(StoreUpload, { api: new Api(root.dataset.url, texts), institution: root.dataset.institution })
  }

  listen() {
    const { uppy } = this
    this.input.addEventListener('change', () => {
      this.add(this.input.files)
      this.input.value = ''
    })
    this.listenToDrops()
    uppy.on('file-added', (file) => this.appear(file))
    uppy.on('upload-progress', (file, progress) => this.progress(file, progress))
    uppy.on('upload-error', (file, error) => this.failed(file, error))
    uppy.on('upload-success', (file, response) => this.done(file, response.body))
    uppy.on('file-removed', (file) => this.item(file)?.remove())
    window.addEventListener('beforeunload', (event) => {
      if (this.list.querySelector('[data-busy]')) event.preventDefault()
    })
  }

  listenToDrops() {
    const over = (is) => this.drop.classList.toggle('uploads__drop--over', is)
    for (const name of ['dragenter', 'dragover']) {
      this.drop.addEventListener(name, (event) => {
        event.preventDefault()
        over(true)
      })
    }
    this.drop.addEventListener('dragleave', () => over(false))
    this.drop.addEventListener('drop', (event) => {
      event.preventDefault()
      over(false)
      this.add(event.dataTransfer.files)
    })
  }

  add(files) {
    for (const file of files) {
      try {
        this.uppy.addFile({ name: file.name, type: file.type, data: file, source: 'editor', meta: { relativePath: unique() } })
      } catch (error) {
        this.refused(file, error)
      }
    }
  }

  item(file) {
    return file && this.list.querySelector(`[data-file="${CSS.escape(file.id)}"]`)
  }

  appear(file) {
    const item = this.template.content.firstElementChild.cloneNode(true)
    item.dataset.file = file.id
    item.dataset.busy = 'true'
    item.querySelector('[data-part=name]').textContent = file.name
    item.querySelector('progress').setAttribute('aria-label', file.name)
    item.querySelector('[data-part=state]').textContent = this.texts.waiting
    item.querySelector('[data-do=cancel]').addEventListener('click', () => this.uppy.removeFile(file.id))
    item.querySelector('[data-do=retry]').addEventListener('click', () => this.retry(file))
    this.list.append(item)
  }

  refused(file, error) {
    const item = this.template.content.firstElementChild.cloneNode(true)
    item.querySelector('[data-part=name]').textContent = file.name
    item.querySelector('progress').remove()
    item.querySelector('[data-part=state]').textContent = error.isRestriction ? this.texts.tooLarge : error.message
    item.querySelector('[data-do=cancel]').addEventListener('click', () => item.remove())
    item.classList.add('uploads__item--failed')
    this.list.append(item)
  }

  progress(file, { bytesUploaded, bytesTotal }) {
    const item = this.item(file)
    if (!item) return
    const share = bytesTotal ? bytesUploaded / bytesTotal : 0
    item.querySelector('progress').value = share
    item.querySelector('[data-part=state]').textContent = share < 1 ? `${Math.floor(share * 100)} %` : this.texts.finishing
  }

  failed(file, error) {
    const item = this.item(file)
    if (!item) return
    delete item.dataset.busy
    item.classList.add('uploads__item--failed')
    item.querySelector('[data-part=state]').textContent = error.message
    item.querySelector('[data-do=retry]').hidden = false
    if (['lost', 'closed', 'expired'].includes(error.code)) this.uppy.setFileState(file.id, { upload: undefined })
  }

  retry(file) {
    const item = this.item(file)
    item.dataset.busy = 'true'
    item.classList.remove('uploads__item--failed')
    item.querySelector('[data-do=retry]').hidden = true
    item.querySelector('[data-part=state]').textContent = this.texts.waiting
    this.uppy.retryUpload(file.id)
  }

  done(file, stored) {
    const { prefix } = this.root.dataset
    const number = document.getElementById(`id_${prefix}-TOTAL_FORMS`).value
    keepingPlace(this.root, () => document.getElementById(`id_${prefix}-ADD`).click())
    const row = document.getElementById(`inline_child_${prefix}-${number}`)
    fill(row.querySelector('[data-stored-object]'), stored)
    this.uppy.removeFile(file.id)
  }
}

// Wagtail scrolls to a new row and moves the focus there; somebody who is writing elsewhere meanwhile must not lose their place.
function keepingPlace(root, act) {
  const active = document.activeElement
  const anchor = active && active !== document.body ? active : root
  const scroller = scrollerOf(root)
  const before = anchor.getBoundingClientRect().top
  act()
  active?.focus({ preventScroll: true })
  const top = scroller.scrollTop + anchor.getBoundingClientRect().top - before
  scroller.scrollTo({ top, behavior: 'instant' })
}

function scrollerOf(element) {
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
    if (up.scrollHeight > up.clientHeight && /auto|scroll/.test(getComputedStyle(up).overflowY)) return up
  }
  return document.scrollingElement
}

// The same file may be chosen twice on purpose; Uppy tells files apart by what is in here, among other things.
let count = 0
function unique() {
  count += 1
  return String(count)
}
