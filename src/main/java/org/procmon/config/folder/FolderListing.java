package org.procmon.config.folder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was in a folder at one moment.
 *
 * @param uid of the process that looked, which decides whose programs it may run
 * @param entries in the order of their paths
 * @param unused what matches and cannot be used
 */
public record FolderListing(int uid, List<FolderEntry> entries, List<UnusedEntry> unused) {
    /** Nothing was found. */
    public static final FolderListing EMPTY = new FolderListing(-1, List.of(), List.of());

    public FolderListing {
        entries = List.copyOf(entries);
        unused = List.copyOf(unused);
    }

    /** With what an earlier listing had of the files that are still being written. */
    public FolderListing withUnfinished(FolderListing before) {
        Set<String> unfinished =
                unused.stream()
                        .filter(one -> one.reason().equals(FolderScan.UNFINISHED))
                        .map(UnusedEntry::path)
                        .collect(Collectors.toSet());
        List<FolderEntry> known =
                before.entries.stream().filter(one -> unfinished.contains(one.path())).toList();
        if (known.isEmpty()) {
            return this;
        }
        List<FolderEntry> all = new ArrayList<>(entries);
        all.addAll(known);
        all.sort(Comparator.comparing(FolderEntry::path));
        return new FolderListing(uid, all, unused);
    }
}
