package org.procmon.journal;

import org.procmon.posix.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log that a folder cannot be written, once until it can. */
final class WriteTrouble {
    private static final Logger LOG = LoggerFactory.getLogger(WriteTrouble.class);

    private boolean troubled;

    void failed(String file, Errno errno) {
        if (!troubled) {
            troubled = true;
            LOG.error(
                    "cannot write {}: {}; the next monitor would not know what happens now",
                    file,
                    errno.words());
        }
    }

    void worked(String file) {
        if (troubled) {
            troubled = false;
            LOG.info("{} and the like can be written again", file);
        }
    }
}
