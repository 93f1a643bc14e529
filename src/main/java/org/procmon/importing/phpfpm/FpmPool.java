package org.procmon.importing.phpfpm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.FileSection;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.TimeSpan;

/**
 * A section of a pool.
 *
 * <p>Source: php.net, "List of pool directives".
 */
final class FpmPool {
    /** The version in a path such as {@code /etc/php/8.2/fpm/pool.d}, as on Debian. */
    private static final Pattern VERSION = Pattern.compile("/php/(\\d+\\.\\d+)/");

    /** The version in a path such as {@code /etc/php83/php-fpm.d}, as on Alpine. */
    private static final Pattern SHORT_VERSION = Pattern.compile("/php(\\d{2})/");

    private static final String NULL = "null";

    private final FileSection section;
    private final FpmGlobal global;
    private final FpmSettings settings;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;

    FpmPool(FileSection section, FpmGlobal global, ImportContext importContext) {
        this.section = section;
        this.global = global;
        this.settings = new FpmSettings(section, importContext);
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
    }

    ProcessDraft draft() throws ImportAborted {
        String id = importContext.ids().ofPool(section.name(), section.whole());
        Object exec =
                ExecBuilder.exec(PhpDirectives.command(program(), settings, importContext.notes()));
        ProcessDraft draft = ProcessDraft.of("", id, exec);
        Setting prefix = settings.take("prefix");
        new FpmListen(section, settings, prefix, importWarnings).put(draft);
        new FpmWorkers(section, settings, importWarnings).put(draft);
        putRequest(draft);
        global.putPatience(draft);
        putIdentity(draft, prefix);
        FpmLimits.of(settings, global.limits()).put(draft);
        putEnv(draft);
        Setting output = settings.take("catch_workers_output");
        if (output != null && !SettingValues.flag(output)) {
            draft.put("stdout", NULL);
            draft.put("stderr", NULL);
        }
        for (Setting setting : settings.rest()) {
            importWarnings.none(setting, FpmWords.why(setting.key()));
        }
        return draft;
    }

    private String program() {
        String folder = section.spot().folder() + "/";
        Matcher version = VERSION.matcher(folder);
        if (version.find()) {
            return "php-cgi" + version.group(1);
        }
        Matcher shorter = SHORT_VERSION.matcher(folder);
        return shorter.find() ? "php-cgi" + shorter.group(1) : "php-cgi";
    }

    private void putRequest(ProcessDraft draft) throws ImportAborted {
        Setting limit = settings.take("request_terminate_timeout");
        Setting slow = settings.take("request_slowlog_timeout");
        int most = limit == null ? 0 : FpmSettings.seconds(limit);
        int slowAfter = slow == null ? 0 : FpmSettings.seconds(slow);
        Map<String, Object> request = new LinkedHashMap<>();
        if (slow != null && most > 0 && slowAfter >= most) {
            importWarnings.none(slow, "a request is stopped before it is slow");
        } else if (slowAfter > 0) {
            request.put("slow", TimeSpan.text(slowAfter));
        }
        if (most > 0) {
            request.put("timeout", TimeSpan.text(most));
        }
        draft.putSome("request", request);
    }

    private void putIdentity(ProcessDraft draft, @Nullable Setting prefix) throws ImportAborted {
        Setting user = settings.take("user");
        if (user != null) {
            draft.put("user", SettingValues.account(user, user.value()));
        }
        Setting group = settings.take("group");
        if (group != null) {
            draft.put("group", SettingValues.account(group, group.value()));
        }
        Setting root = settings.take("chroot");
        Setting folder = settings.take("chdir");
        if (folder != null) {
            draft.put("cwd", FpmWords.path(folder, root == null ? prefix : null));
        } else if (root != null) {
            draft.put("cwd", "/");
        }
        if (root != null) {
            draft.put("chroot", FpmWords.path(root, prefix));
            importWarnings.add(
                    root,
                    "php-cgi starts inside: unlike for php-fpm, the program, its libraries and"
                            + " php.ini must be there");
        }
    }

    private void putEnv(ProcessDraft draft) throws ImportAborted {
        EnvDraft env = new EnvDraft(importContext.environment(), importWarnings);
        int most = settings.whole("pm.max_requests", 0, 0);
        // Without it, php-cgi exits after 500 requests; with 0, after none.
        env.put(section.whole(), "PHP_FCGI_MAX_REQUESTS", Integer.toString(most));
        for (Setting written : settings.takeAll("env")) {
            Setting setting = settings.unquoted(written);
            String name = FpmSettings.inner(setting);
            String value = setting.value();
            boolean isVariable = value.startsWith("$") && EnvDraft.isName(value.substring(1));
            if (name.equals("PHP_FCGI_CHILDREN")) {
                importWarnings.none(setting, "procmon starts the workers, as many as needed");
            } else {
                env.put(
                        setting,
                        name,
                        isVariable ? EnvPlaceholders.whole(value.substring(1)) : value);
            }
        }
        if (settings.flag("clear_env", true)) {
            draft.put("clear_env", true);
        }
        draft.put("env", env.members());
    }
}
