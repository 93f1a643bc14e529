package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.procmon.bytes.BytePath;
import org.procmon.config.FollowedFolder;
import org.procmon.config.folder.FolderListing;
import org.procmon.config.folder.FolderQuery;
import org.procmon.config.folder.UnusedEntry;

/** The folders whose content is a part of a configuration, and what was found in them. */
final class Folders {
    private final IncludeResolver includeResolver;
    private final Sources sources;
    private final Problems problems;
    private final Map<FolderQuery, FolderListing> found = new HashMap<>();
    private final List<UnusedEntry> unused = new ArrayList<>();
    private final List<FollowedFolder> followed = new ArrayList<>();
    private final Map<String, Path> dropIns = new TreeMap<>();

    Folders(IncludeResolver includeResolver, Sources sources, Problems problems) {
        this.includeResolver = includeResolver;
        this.sources = sources;
        this.problems = problems;
    }

    /** What was found in each folder. */
    Map<FolderQuery, FolderListing> found() {
        return found;
    }

    /** What matches and is not used, with the reasons. */
    List<UnusedEntry> unused() {
        return unused;
    }

    /** Something that matches is not used. */
    void leave(String path, String reason) {
        unused.add(new UnusedEntry(path, reason));
    }

    /** The folders whose changes are applied without a command. */
    List<FollowedFolder> followed() {
        return followed;
    }

    /** The folders of {@code dropins} by their names. */
    Map<String, Path> dropIns() {
        return dropIns;
    }

    /** Files of a folder are followed, with what they link to. */
    void follow(Path folder, String pattern, List<FollowedFile> files) {
        Set<Path> targets = new HashSet<>();
        files.forEach(file -> file.target().ifPresent(targets::add));
        followed.add(
                new FollowedFolder(BytePath.absolute(folder).normalize(), pattern)
                        .withTargets(targets));
    }

    /**
     * The pools of {@code dropins} and {@code sites}.
     *
     * @param taken the names of other processes and pools
     * @param others the pools of the files
     */
    List<PoolEntry> read(
            ObjectReader top,
            Defaults defaults,
            ReadContext readContext,
            Set<String> taken,
            List<PoolEntry> others) {
        List<PoolEntry> pools = new ArrayList<>();
        AddressCheck addresses = new AddressCheck();
        // What is wrong between these is reported with them.
        Problems reported = new Problems(sources, 1);
        others.stream()
                .filter(PoolEntry::hasAddress)
                .forEach(pool -> addresses.add(pool, pool.spec(), reported));
        for (FolderRule rule : new FolderReader(readContext, problems).read(top)) {
            if (rule.isOfPrograms()) {
                dropIns.put(rule.prefix(), rule.query().directory());
            }
            FolderPools made =
                    new FolderPools(rule, readContext, sources, problems, taken, addresses);
            if (made.check(defaults)) {
                FolderListing listing =
                        found.computeIfAbsent(rule.query(), includeResolver::folder);
                made.add(listing, defaults);
                pools.addAll(made.pools());
                unused.addAll(made.unused());
                followed.add(rule.followed(listing));
            }
        }
        return pools;
    }
}
