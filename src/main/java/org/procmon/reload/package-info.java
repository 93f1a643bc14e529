/** What differs between two configurations, and what a reload does about it. Pure; any thread. */
@NullMarked
package org.procmon.reload;

import org.jspecify.annotations.NullMarked;
