package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.ProcessName;
import org.procmon.config.ShellWords;
import org.procmon.config.folder.FolderEntry;
import org.procmon.config.folder.FolderListing;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.config.pool.PoolAddress;

/**
 * Makes a pool of each program in a folder, or of each sub-folder, as one entry of {@code dropins}
 * or {@code sites} says. What is wrong with the entry itself is a problem of the file; what is
 * wrong with one program leaves out only that program.
 */
final class FolderPools {
    private static final String EXEC = "exec";
    private static final String USER = "user";

    /** How words in a configuration begin. */
    private static final String WORD = "$(";

    /** For the check of an entry by itself, with values that may exist anywhere. */
    private static final List<FolderEntry> SAMPLES = List.of(sample("/a/b"), sample("/a/c"));

    private final FolderRule rule;
    private final ReadContext readContext;
    private final Sources sources;
    private final Problems problems;
    private final Set<String> taken;
    private final AddressCheck addresses;
    private final List<PoolEntry> pools = new ArrayList<>();
    private final List<UnusedEntry> unused = new ArrayList<>();

    /**
     * @param taken the names of other processes and pools; those of new pools are added
     * @param addresses those of other pools; those of new pools are added
     */
    FolderPools(
            FolderRule rule,
            ReadContext readContext,
            Sources sources,
            Problems problems,
            Set<String> taken,
            AddressCheck addresses) {
        this.rule = rule;
        this.readContext = readContext;
        this.sources = sources;
        this.problems = problems;
        this.taken = taken;
        this.addresses = addresses;
    }

    private static FolderEntry sample(String path) {
        return new FolderEntry(path, path.substring(1), 1, "nobody", "0", "", List.of());
    }

    List<PoolEntry> pools() {
        return pools;
    }

    /** What matches and is not used. */
    List<UnusedEntry> unused() {
        return unused;
    }

    /** Whether the entry can be used: its pools have all that they need, and addresses differ. */
    boolean check(Defaults defaults) {
        int before = problems.count();
        Set<PoolAddress> samples = new HashSet<>();
        for (FolderEntry entry : SAMPLES) {
            PoolEntry pool =
                    new PoolReader(readContext, problems).read(members(entry, 0), defaults);
            if (problems.count() > before) {
                return false;
            }
            if (!samples.add(pool.spec().listen().address())) {
                problems.add(
                        pool.listenOffset(),
                        "'listen' is the same for all: it needs " + rule.wordsThatDiffer());
                return false;
            }
        }
        return true;
    }

    /** Makes the pools of what was found. */
    void add(FolderListing listing, Defaults defaults) {
        listing.unused().forEach(one -> unused.add(one.named(rule.nameOf(one.path()))));
        for (FolderEntry entry : listing.entries()) {
            Optional<String> refusal = rule.refusal(entry, listing.uid(), mayHaveUser(defaults));
            if (refusal.isPresent()) {
                unused.add(new UnusedEntry(entry.path(), refusal.get(), name(entry)));
            } else {
                add(entry, listing.uid(), defaults);
            }
        }
    }

    private String name(FolderEntry entry) {
        return EntryName.of(rule.prefix(), entry.relative());
    }

    private boolean mayHaveUser(Defaults defaults) {
        return rule.own().containsKey(USER) || defaults.has(USER);
    }

    private void add(FolderEntry entry, int uid, Defaults defaults) {
        Problems own = new Problems(sources, 1);
        String name = name(entry);
        Optional<String> badName = nameProblem(name);
        if (badName.isPresent()) {
            unused.add(new UnusedEntry(entry.path(), badName.get(), name));
            return;
        }
        PoolEntry pool = new PoolReader(readContext, own).read(members(entry, uid), defaults);
        if (own.isEmpty()) {
            addresses.add(pool, pool.spec(), own);
        }
        if (own.isEmpty()) {
            taken.add(name);
            PoolEntry known = pool.versioned(entry.version());
            pools.add(rule.share(entry).map(known::sharing).orElse(known));
        } else {
            String reason =
                    entry.path().contains(WORD)
                            ? "its path has '"
                                    + WORD
                                    + "' in it, which only a configuration may have;"
                                    + " rename it"
                            : own.inFileOrder().getFirst().message();
            unused.add(new UnusedEntry(entry.path(), reason, name));
        }
    }

    private Optional<String> nameProblem(String name) {
        if (name.length() > ProcessName.MAX_LENGTH - ProcessReader.LONGEST_NUMBER) {
            return Optional.of("its name '" + name + "' is too long for a pool");
        }
        if (taken.contains(name) || NameCheck.poolOf(name).filter(taken::contains).isPresent()) {
            return Optional.of("another process has the name '" + name + "'");
        }
        return Optional.empty();
    }

    /** The entry of {@code pools} that stands for one program. */
    private JsonValue.Members members(FolderEntry entry, int uid) {
        int at = rule.offset();
        Map<String, JsonValue> all = new LinkedHashMap<>(rule.usual());
        rule.own().forEach((key, member) -> all.put(key, member.value()));
        if (uid == 0) {
            all.putIfAbsent(USER, new JsonValue.Text(at, "$(user)"));
        }
        all.computeIfPresent(EXEC, (_, exec) -> words(exec));
        all.put("id", new JsonValue.Text(at, name(entry)));
        Map<String, JsonValue.Member> members = new HashMap<>();
        Template template = new Template(rule.words(entry));
        all.forEach((key, value) ->
                members.put(key, new JsonValue.Member(value.offset(), template.applied(value))));
        return new JsonValue.Members(at, members, rule.isWhole());
    }

    /** A command line is split before a path is put into it. */
    private static JsonValue words(JsonValue exec) {
        if (exec instanceof JsonValue.Text line) {
            try {
                List<JsonValue> words = new ArrayList<>();
                ShellWords.split(line.value())
                        .forEach(word -> words.add(new JsonValue.Text(line.offset(), word)));
                return new JsonValue.Items(line.offset(), words, true);
            } catch (ShellWords.Unfinished _) {
                // It is reported where it is read.
                return exec;
            }
        }
        return exec;
    }
}
