/** What is said to those who know another program's words, or do not know where a monitor runs. */
@NullMarked
package org.procmon.cli.words;

import org.jspecify.annotations.NullMarked;
