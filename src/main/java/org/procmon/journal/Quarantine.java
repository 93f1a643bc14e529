package org.procmon.journal;

import java.io.IOException;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.procmon.posix.AtomicFileFolder;
import org.procmon.posix.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where corrupt files are moved to, for people to look at: each under its name and a number, of
 * which the highest is the latest. The latest {@value #MOST} are kept.
 */
final class Quarantine {
    static final int MOST = 20;

    /** The part of a name that leaves room for the number. */
    private static final int LONGEST_NAME = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final AtomicFileFolder folder;

    Quarantine(String path) {
        this.folder = new AtomicFileFolder(path);
    }

    /**
     * Moves a file here, and logs it.
     *
     * @param reason with the file as its subject, as in {@code it is empty}
     */
    void take(AtomicFileFolder from, String name, String reason) {
        String file = from.path() + "/" + harmless(name);
        try {
            folder.make();
            NavigableMap<Long, String> present = present();
            long number = present.isEmpty() ? 1 : present.lastKey() + 1;
            String start = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
            String newName = start + "." + number;
            Optional<Errno> failure = from.move(name, folder, newName);
            if (failure.isPresent()) {
                throw new IOException(failure.get().words());
            }
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", reason)
                    .addKeyValue("moved_to", folder.path() + "/" + harmless(newName))
                    .log("ignoring a file");
            while (present.size() >= MOST) {
                folder.remove(present.pollFirstEntry().getValue());
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", reason)
                    .addKeyValue("error", e.getMessage())
                    .log("ignoring a file, cannot move it away");
        }
    }

    private NavigableMap<Long, String> present() throws IOException {
        NavigableMap<Long, String> present = new TreeMap<>();
        for (String name : folder.names()) {
            number(name).ifPresent(number -> present.put(number, name));
        }
        return present;
    }

    private static Optional<Long> number(String name) {
        String digits = name.substring(name.lastIndexOf('.') + 1);
        if (digits.isEmpty() || digits.length() > 15) {
            return Optional.empty();
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(Long.parseLong(digits));
    }

    /** A file's name may hold anything; the log is read on terminals. */
    private static String harmless(String name) {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
