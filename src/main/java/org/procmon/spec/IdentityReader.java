package org.procmon.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads what says as whom and within which bounds a process runs. */
final class IdentityReader {
    private static final String USER = "the name of a user or a uid";
    private static final String GROUP = "the name of a group or a gid";
    private static final String UMASK = "a string of octal digits such as \"027\"";
    private static final String ENV_FILE = "a path, or an array of paths";
    private static final int LARGEST_UMASK = 0777;
    private static final int FIRST = -20;
    private static final int LAST = 19;

    /** The number above is what the kernel has for "none". */
    private static final long LARGEST_ID = 0xffff_fffeL;

    private static final int MOST_DIGITS = 10;

    private final PathReader paths;
    private final Problems problems;

    IdentityReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.problems = problems;
    }

    Identity read(Section process) {
        for (String key : Keys.IDENTITY) {
            if (process.has(key)) {
                Identity identity = readKeys(process);
                return identity.equals(Identity.DEFAULT) ? Identity.DEFAULT : identity;
            }
        }
        return Identity.DEFAULT;
    }

    private Identity readKeys(Section process) {
        return new Identity(
                account(process.value("user"), "'user'", USER),
                account(process.value("group"), "'group'", GROUP),
                groups(process),
                umask(process),
                paths.read(process, "chroot"),
                nice(process),
                process.flag("no_new_privs", false),
                capabilities(process),
                new LimitsReader(problems).read(process),
                envFiles(process),
                process.flag("clear_env", false));
    }

    private Optional<String> account(@Nullable Node node, String what, String expected) {
        if (node instanceof Node.Numeral id && isId(id.text())) {
            return Optional.of(id.text());
        }
        if (node instanceof Node.Text text) {
            String name = text.value();
            boolean good =
                    Strings.isDigits(name)
                            ? isId(name)
                            : !name.startsWith("@") && ControlReader.isAccount(name);
            if (good) {
                return Optional.of(name);
            }
            problems.badText(what, expected, text);
        } else if (node instanceof Node.Numeral id) {
            problems.add(
                    id.offset(),
                    () -> what + " must be " + expected + ", found " + Problems.shown(id.text()));
        } else if (node != null) {
            problems.wrongKind(what, expected, node);
        }
        return Optional.empty();
    }

    private static boolean isId(String text) {
        return Strings.isDigits(text)
                && text.length() <= MOST_DIGITS
                && Long.parseLong(text) <= LARGEST_ID;
    }

    private Optional<List<String>> groups(Section process) {
        if (process.value("groups") == null) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>();
        for (Node node : process.items("groups", "an array of groups and gids")) {
            account(node, "each entry of 'groups'", GROUP).ifPresent(groups::add);
        }
        return Optional.of(groups);
    }

    private OptionalInt umask(Section process) {
        Node node = process.value("umask");
        if (node instanceof Node.Text text) {
            OptionalInt mask = octal(text.value());
            if (mask.isEmpty()) {
                problems.badText("'umask'", UMASK, text);
            }
            return mask;
        }
        if (node instanceof Node.Numeral numeral && octal(numeral.text()).isPresent()) {
            problems.add(
                    node.offset(),
                    "'umask' must be "
                            + UMASK
                            + ", found a number: write \""
                            + numeral.text()
                            + "\" if these are octal digits");
        } else if (node != null) {
            problems.wrongKind("'umask'", UMASK, node);
        }
        return OptionalInt.empty();
    }

    private static OptionalInt octal(String digits) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 7 || number > LARGEST_UMASK) {
                return OptionalInt.empty();
            }
            number = number * 8 + digit;
        }
        return digits.isEmpty() || number > LARGEST_UMASK
                ? OptionalInt.empty()
                : OptionalInt.of(number);
    }

    private OptionalInt nice(Section process) {
        int none = LAST + 1;
        int nice = process.count("nice", FIRST, LAST, none);
        return nice == none ? OptionalInt.empty() : OptionalInt.of(nice);
    }

    private Optional<List<Capability>> capabilities(Section process) {
        if (process.value("capabilities") == null) {
            return Optional.empty();
        }
        String what = "each entry of 'capabilities'";
        String expected = "the name of a capability such as \"net_bind_service\"";
        List<Capability> kept = new ArrayList<>();
        for (Node node : process.items("capabilities", "an array of names of capabilities")) {
            if (!(node instanceof Node.Text text)) {
                problems.wrongKind(what, expected, node);
                continue;
            }
            Optional<Capability> capability = Capability.parse(text.value());
            if (capability.isEmpty()) {
                problems.add(text.offset(), () -> unknownCapability(what, text.value()));
            } else if (!kept.contains(capability.get())) {
                kept.add(capability.get());
            }
        }
        return Optional.of(kept);
    }

    private static String unknownCapability(String what, String name) {
        List<String> words = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            words.add(capability.word());
        }
        return what
                + " must name a capability, found '"
                + Problems.shown(name)
                + "'"
                + Suggestion.forWord(Capability.bare(name), words);
    }

    private List<EnvFile> envFiles(Section process) {
        List<EnvFile> files = new ArrayList<>();
        for (Node node : process.oneOrMore("env_file")) {
            if (!(node instanceof Node.Text text)) {
                problems.wrongKind("'env_file'", ENV_FILE, node);
                continue;
            }
            boolean optional = text.value().startsWith("-");
            Optional<Path> path = paths.resolve("env_file", text, optional ? 1 : 0);
            if (path.isPresent()) {
                files.add(new EnvFile(path.get(), optional));
            }
        }
        return files;
    }
}
