/**
 * The differences between two configurations, and what a reload does about them. Pure; any thread.
 */
@NullMarked
package org.procmon.reload.plan;

import org.jspecify.annotations.NullMarked;
