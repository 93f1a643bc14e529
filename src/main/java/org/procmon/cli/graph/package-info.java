/** What depends on what: of all processes, or of one. Rows in, text out. */
@NullMarked
package org.procmon.cli.graph;

import org.jspecify.annotations.NullMarked;
