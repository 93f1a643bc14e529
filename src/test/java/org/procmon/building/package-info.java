/** Tests of what {@code build.sh} and the programs in {@code packaging} do for developers. */
@NullMarked
package org.procmon.building;

import org.jspecify.annotations.NullMarked;
