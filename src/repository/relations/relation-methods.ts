/** The methods of a repository that are about relations: the public types. */
import type { CallLimits } from '../../engine/types.ts'
import type { RowKey } from '../row-types.ts'
import type { RelationName } from './graph.ts'
import type { Known, Loaded, RelationPath, With, WithPaths } from './with-types.ts'

export interface RelationMethods<Row, G> {
  /**
   * The row with this primary key and its relations, or `null`. The same as `findById` with `with`, for those who name
   * relations by paths.
   *
   * @example
   * const work = await works.findWithRelations(7, ['artist', 'comments.user'])
   * @throws RelationshipNotFoundError with the nearest names.
   */
  findWithRelations<const Path extends RelationPath<G>>(
    id: RowKey<Row>,
    relations: readonly Path[],
    limits?: CallLimits,
  ): Promise<Loaded<G, Row, WithPaths<Path>, []> | null>
  findWithRelations<const W extends With<G>>(
    id: RowKey<Row>,
    relations: W & Known<G, W>,
    limits?: CallLimits,
  ): Promise<Loaded<G, Row, W, []> | null>

  /**
   * Loads relations for rows that are there already and sets them on these rows, which it returns. They are found by their
   * primary key, as they are stored now; a row that is gone has `null` and empty arrays.
   *
   * @example
   * const works = await db.getRepository('works').findManyByArtistId(7)
   * await db.getRepository('works').loadRelationships(works, ['tags'])
   * @throws ValidationError for a row without its key.
   */
  loadRelationships<R extends object, const Path extends RelationPath<G>>(
    rows: readonly R[],
    relations: readonly Path[],
    limits?: CallLimits,
  ): Promise<Loaded<G, R, WithPaths<Path>, []>[]>
  loadRelationships<R extends object, const W extends With<G>>(
    rows: readonly R[],
    relations: W & Known<G, W>,
    limits?: CallLimits,
  ): Promise<Loaded<G, R, W, []>[]>

  /**
   * The row with this primary key and the number of rows of each relation, as `commentsCount`; `null` when there is no
   * such row. Lists have the option `withCount`.
   *
   * @example
   * const work = await works.withCount(7, ['comments', 'likes'])
   */
  withCount<const Name extends CountableName<G>>(
    id: RowKey<Row>,
    relations: readonly Name[],
    limits?: CallLimits,
  ): Promise<Loaded<G, Row, Record<never, never>, readonly Name[]> | null>
}

type CountableName<G> = [RelationName<G>] extends [never] ? string : RelationName<G>
