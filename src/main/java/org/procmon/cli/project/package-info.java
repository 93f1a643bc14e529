/** The files of a project, for {@code procmon up}: found, merged, and written as one. */
@NullMarked
package org.procmon.cli.project;

import org.jspecify.annotations.NullMarked;
