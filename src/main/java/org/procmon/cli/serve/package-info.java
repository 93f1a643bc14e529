/** The command {@code serve}: a configuration for a directory of applications, made on the spot. */
@NullMarked
package org.procmon.cli.serve;

import org.jspecify.annotations.NullMarked;
