import { Icon } from './icons.tsx'

interface NoticeProps {
  message: string
  /** Not an error. */
  calm?: boolean
  onRetry?: (() => void) | null
}

/** Something the person should know, with a way on. */
export function Notice({ message, calm = false, onRetry = null }: NoticeProps) {
  return (
    <div className={calm ? 'notice calm' : 'notice'} role={calm ? 'status' : 'alert'}>
      <p>{message}</p>
      {onRetry && (
        <button type="button" className="button small" onClick={onRetry}>
          <Icon name="retry" />
          Try again
        </button>
      )}
    </div>
  )
}
