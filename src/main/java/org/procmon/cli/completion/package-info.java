/** Scripts that let a shell complete commands, options and names. Words in, text out. */
@NullMarked
package org.procmon.cli.completion;

import org.jspecify.annotations.NullMarked;
