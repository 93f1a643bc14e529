/**
 * How optional parts of the monitor plug in: each is a {@link
 * org.procmon.supervise.feature.Feature}, attached to the loop, loaded only when a process needs
 * it.
 */
@NullMarked
package org.procmon.supervise.feature;

import org.jspecify.annotations.NullMarked;
