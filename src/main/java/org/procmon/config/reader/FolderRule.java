package org.procmon.config.reader;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.config.FollowedFolder;
import org.procmon.config.folder.FolderEntry;
import org.procmon.config.folder.FolderListing;
import org.procmon.config.folder.FolderQuery;
import org.procmon.config.pool.WorkerShare;

/**
 * An entry of {@code dropins} or {@code sites}.
 *
 * @param offset where it is
 * @param isWhole whether no key can be missing since the file breaks off
 * @param prefix what the names of its pools begin with
 * @param own the keys of its pools, as they are given
 * @param query what it looks for
 * @param quiet how long a folder must be unchanged before it is read again
 * @param perUser how many workers the pools of one owner may have together
 * @param minUid the least uid of an owner whose sub-folder is a site
 */
record FolderRule(
        int offset,
        boolean isWhole,
        String prefix,
        Map<String, JsonValue.Member> own,
        FolderQuery query,
        Duration quiet,
        OptionalInt perUser,
        int minUid) {
    private static final int ROOT = 0;

    boolean isOfPrograms() {
        return query.kind() == FolderQuery.Kind.EXECUTABLE;
    }

    /** What the pools of the owner of an entry have together; empty if there is no limit. */
    Optional<WorkerShare> share(FolderEntry entry) {
        return perUser.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new WorkerShare(
                                "max_workers_per_user of " + entry.user(), perUser.getAsInt()));
    }

    /** What is watched, so that changes of what was found are seen. */
    FollowedFolder followed(FolderListing listing) {
        Set<Path> targets = new HashSet<>();
        listing.entries()
                .forEach(entry ->
                        entry.targets().forEach(target -> targets.add(BytePath.of(target))));
        // Variables beside a program belong to it. Braces cannot be nested.
        String pattern = query.pattern();
        String both = pattern.indexOf('{') < 0 ? "{" + pattern + "," + pattern + ".env}" : "*";
        return new FollowedFolder(
                query.directory(),
                isOfPrograms() ? both : pattern,
                query.recursive(),
                !isOfPrograms(),
                quiet,
                targets);
    }

    /** The values of keys that are not given. */
    Map<String, JsonValue> usual() {
        Map<String, JsonValue> usual = new LinkedHashMap<>();
        usual.put("mode", text("ondemand"));
        usual.put("cwd", text("$(directory)"));
        usual.put("output", text("shared"));
        usual.put("clear_env", new JsonValue.Flag(offset, true));
        if (isOfPrograms()) {
            usual.put("exec", new JsonValue.Items(offset, List.of(text("$(path)")), true));
            usual.put("listen", text("unix:$(path).sock"));
            usual.put("env_file", variables());
        }
        return usual;
    }

    /** The variables of a program, beside it. */
    private JsonValue variables() {
        return new JsonValue.Members(
                offset,
                Map.of(
                        "path", member(text("$(path).env")),
                        "optional", member(new JsonValue.Flag(offset, true)),
                        "public", member(new JsonValue.Flag(offset, true)),
                        "of_program", member(new JsonValue.Flag(offset, true))),
                true);
    }

    private JsonValue.Text text(String value) {
        return new JsonValue.Text(offset, value);
    }

    private JsonValue.Member member(JsonValue value) {
        return new JsonValue.Member(offset, value);
    }

    /** The name of the pool that something in the folder would be. */
    String nameOf(String path) {
        String folder = BytePath.text(query.directory()) + "/";
        return path.startsWith(folder)
                ? EntryName.of(prefix, path.substring(folder.length()))
                : prefix;
    }

    /** What stands for the words in the values of strings. */
    Map<String, String> words(FolderEntry entry) {
        String path = entry.path();
        int slash = path.lastIndexOf('/');
        return Map.of(
                "path",
                path,
                "name",
                path.substring(slash + 1),
                "directory",
                isOfPrograms() ? path.substring(0, Math.max(slash, 1)) : path,
                "user",
                entry.user(),
                "group",
                entry.group());
    }

    /** Words that differ for any two entries, for a message. */
    String wordsThatDiffer() {
        return isOfPrograms() ? "$(path)" : "$(name) or $(directory)";
    }

    /**
     * Why an entry is not used; empty if it is.
     *
     * @param uid of this monitor
     * @param hasUser whether the configuration says as whom it runs
     */
    Optional<String> refusal(FolderEntry entry, int uid, boolean hasUser) {
        if (!isOfPrograms() && entry.uid() < minUid) {
            return Optional.of(
                    "the uid of its owner "
                            + entry.user()
                            + " is "
                            + entry.uid()
                            + ", below 'min_uid' "
                            + minUid);
        }
        if (hasUser) {
            return Optional.empty();
        }
        if (uid == ROOT) {
            return entry.uid() == ROOT
                    ? Optional.of("its owner is root; say with 'user' as whom it runs")
                    : Optional.empty();
        }
        boolean isOwn = entry.uid() == uid || (isOfPrograms() && entry.uid() == ROOT);
        return isOwn
                ? Optional.empty()
                : Optional.of(
                        "its owner is "
                                + entry.user()
                                + ", and only root can run programs as others");
    }
}
