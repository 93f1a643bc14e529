/**
 * What clients see of a process, and the tables of its fields.
 *
 * <p>Each kind of JSON object that describes a process is a record here, with a {@link
 * org.procmon.status.fields.FieldTable} of its keys. The tables write and read the JSON, give the
 * lines of {@code procmon status}, and are what the interface description and
 * docs/reference/fields.md are checked against. A new field is one entry in a table, and its value
 * in the record.
 *
 * <p>Immutable; any thread. Uses Jackson's streaming parser and nothing of the monitor, since the
 * commands load it at each start.
 */
@NullMarked
package org.procmon.status.fields;

import org.jspecify.annotations.NullMarked;
