/**
 * What the monitor tells the service manager that started it, such as systemd. Source:
 * sd_notify(3).
 */
@NullMarked
package org.procmon.systemd;

import org.jspecify.annotations.NullMarked;
