// The admin's forms: files go from here straight to the object store; this site signs, never carries them.
import './uploader.css'
import { saveOneAtATime } from './save_once.js'
import { setUpFiles } from './uploader/rows.js'
import { setUpUploads } from './uploader/panel.js'

function start() {
  document.querySelectorAll('[data-stored-object]').forEach(setUpFiles)
  document.querySelectorAll('[data-uploads]').forEach(setUpUploads)
  document.querySelectorAll('form[data-controller~="w-autosave"]').forEach(saveOneAtATime)
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
else start()
