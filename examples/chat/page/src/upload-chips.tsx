import { Icon } from './icons.tsx'
import { useObserved } from './observable.ts'
import type { Upload, Uploads } from './uploads.ts'

/** The files that will go with the message. */
export function UploadChips({ uploads }: { uploads: Uploads }) {
  const { files } = useObserved(uploads)
  if (files.length === 0) return null
  return (
    <ul className="chips" aria-label="Files to send">
      {files.map((upload) => (
        <Chip key={upload.key} upload={upload} uploads={uploads} />
      ))}
    </ul>
  )
}

function Chip({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { file, preview, state, progress, reason } = upload
  return (
    <li className={`chip ${state}`}>
      {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
      <span className="chip-text">
        <span className="file-name">{file.name}</span>
        {state === 'uploading' && <progress value={progress} aria-label={`Uploading ${file.name}`} />}
        {state === 'done' && <span className="chip-detail">{sizeOf(file.size)}</span>}
        {state === 'failed' && (
          <span className="chip-detail" role="alert">
            {reason}
          </span>
        )}
      </span>
      {state === 'failed' && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Upload ${file.name} again`}
          onClick={() => void uploads.retry(upload)}
        >
          <Icon name="retry" />
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={state === 'uploading' ? `Cancel ${file.name}` : `Remove ${file.name}`}
        onClick={() => void uploads.remove(upload)}
      >
        <Icon name="close" />
      </button>
    </li>
  )
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}
