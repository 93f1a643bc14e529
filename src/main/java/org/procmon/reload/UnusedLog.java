package org.procmon.reload;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.procmon.config.folder.UnusedEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once why something in a followed folder is not used, and again only if it was gone or the
 * reason is another one. One thread at a time.
 */
final class UnusedLog {
    private static final Logger LOG = LoggerFactory.getLogger("follow");

    /** More are in the answer of {@code check}. */
    private static final int MOST = 100;

    private Set<UnusedEntry> told = Set.of();

    void tell(List<UnusedEntry> unused) {
        List<UnusedEntry> fresh = unused.stream().filter(one -> !told.contains(one)).toList();
        for (UnusedEntry one : fresh.subList(0, Math.min(MOST, fresh.size()))) {
            LOG.atWarn()
                    .addKeyValue("path", one.path())
                    .addKeyValue("reason", one.reason())
                    .log("{path} is not used");
        }
        if (fresh.size() > MOST) {
            LOG.atWarn()
                    .addKeyValue("more", fresh.size() - MOST)
                    .log("more files are not used; see 'procmon check'");
        }
        told = new HashSet<>(unused);
    }
}
