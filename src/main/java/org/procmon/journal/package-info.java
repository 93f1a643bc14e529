/**
 * What must outlive the monitor, on disk: one small file for each process, one for the monitors
 * themselves, and a copy of the configuration that they accepted. The next monitor reads them and
 * continues, even after a {@code kill -9} or a boot.
 *
 * <p>Each file is replaced as a whole, so that a reader sees it as it was before or after a change,
 * at whatever instant the writer was killed. Nothing is forced to the disk: what was written
 * outlives the process without it, and waiting for a disk at every change would delay all
 * processes. After a power cut, ext4, XFS and Btrfs give the old or the new file where a file was
 * replaced by renaming; anything else is moved aside like any file that is not a record.
 *
 * <p>A record is one JSON object in ASCII, with its keys in one order and no white space. Only
 * {@code RecordWriter} writes it, and {@code RecordReader} accepts only what {@code RecordWriter}
 * could have written: any other file is moved aside, as is a record of another version of the
 * format.
 *
 * <p>A record names its boot and its pid namespace; a pid of another boot is not believed. Times in
 * it are of the monotonic clock, which all processes of one boot share.
 *
 * <p>The loop's thread reads and writes, before and while it runs.
 */
@NullMarked
package org.procmon.journal;

import org.jspecify.annotations.NullMarked;
