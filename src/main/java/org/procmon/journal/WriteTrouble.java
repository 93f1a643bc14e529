package org.procmon.journal;

import org.procmon.posix.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that a directory cannot be written, once until it can. */
final class WriteTrouble {
    private static final Logger LOG = LoggerFactory.getLogger(WriteTrouble.class);

    private boolean troubled;

    void failed(String file, Errno errno) {
        if (!troubled) {
            troubled = true;
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", errno.words())
                    .addKeyValue("effect", "if this monitor dies, changes from now on are lost")
                    .log("cannot write");
        }
    }

    void worked(String file) {
        if (troubled) {
            troubled = false;
            LOG.atInfo().addKeyValue("file", file).log("can write again");
        }
    }
}
