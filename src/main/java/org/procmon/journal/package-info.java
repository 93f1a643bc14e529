/**
 * What must outlive the monitor, on disk: one small file for each process, one for the monitors
 * themselves, and a copy of the configuration that they accepted. The next monitor, be it after a
 * {@code kill -9} or after a boot, reads them and goes on.
 *
 * <p>Each file is replaced as a whole, so that a reader finds it as it was before or after a
 * change, at whatever instant the writer was killed. Nothing is forced to the disk: what was
 * written outlives the process without it, and waiting for a disk at every change would hold all
 * processes up. After a power cut, ext4, XFS and Btrfs give the old or the new file where a file
 * was replaced by renaming; whatever else is found then is set aside like any other file that is
 * not a record.
 *
 * <p>A record is one JSON object in ASCII, with its keys in one order and no white space. Only
 * {@code RecordWriter} writes it, and {@code RecordReader} reads nothing that could not come from
 * there: whatever else is in a file is set aside, as is a record of another version of the format.
 *
 * <p>A record tells the boot, and the pid namespace, that it is of; of another boot, no pid in it
 * is believed. Times in it are of the monotonic clock, which all processes of one boot share.
 *
 * <p>Reading and writing are the loop's thread's business, before and while it runs.
 */
@NullMarked
package org.procmon.journal;

import org.jspecify.annotations.NullMarked;
