/**
 * The files of other supervisors, turned into a configuration: supervisord's, a Procfile, units of
 * systemd. What has no equivalent is told, setting by setting.
 *
 * <p>For the command line only. Nothing here is shared between threads; all runs, and blocks while
 * it reads files, on the thread of its caller.
 */
@NullMarked
package org.procmon.importing;

import org.jspecify.annotations.NullMarked;
