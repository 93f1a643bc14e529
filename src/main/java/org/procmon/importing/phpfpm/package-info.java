/** Reads the pools of php-fpm. */
@NullMarked
package org.procmon.importing.phpfpm;

import org.jspecify.annotations.NullMarked;
