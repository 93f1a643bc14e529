/**
 * Tests of the whole program: the built product, real processes, signals and files. They need the
 * product in {@code target/procmon} or in the folder that the property {@code procmon.product}
 * names; {@code mvn verify} makes it first.
 */
@NullMarked
package org.procmon.system;

import org.jspecify.annotations.NullMarked;
