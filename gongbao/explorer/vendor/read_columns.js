// The part of hyparquet that the page needs: every column of a flat Parquet file in memory, as {NAME: array}.
import { readColumn } from 'hyparquet/src/column.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { parquetMetadata, parquetSchema } from 'hyparquet/src/metadata.js'
import { getTreePath } from 'hyparquet/src/schema.js'

export function readColumns(buffer) {
  const metadata = parquetMetadata(buffer)
  const schema = parquetSchema(metadata)
  const read = Object.fromEntries(schema.children.map((child) => [child.element.name, []]))
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows)
    for (const { meta_data: column } of group.columns) {
      const schemaPath = getTreePath(schema, column.path_in_schema)
      const start = Number(column.dictionary_page_offset ?? column.data_page_offset)
      const view = new DataView(buffer, start, Number(column.total_compressed_size))
      const decoder = {
        pathInSchema: column.path_in_schema,
        element: schemaPath[schemaPath.length - 1].element,
        schemaPath,
        parsers: DEFAULT_PARSERS,
        ...column,
      }
      const chosen = { groupStart: 0, groupRows: rows, selectStart: 0, selectEnd: rows }
      for (const chunk of readColumn({ view, offset: 0 }, chosen, decoder).data) {
        for (const value of chunk) read[column.path_in_schema[0]].push(value)
      }
    }
  }
  return read
}
