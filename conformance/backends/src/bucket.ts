/** A bucket, or an Azure container, of one test file. */
export interface Bucket {
  readonly name: string
  /** Removes the bucket and all that is in it. */
  drop(): Promise<void>
}
