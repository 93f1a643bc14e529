package org.procmon.supervise;

import java.util.List;
import java.util.Map;
import org.procmon.config.ConfigBundle;
import org.procmon.config.MonitorSpec;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Command;

/** Commands that replace a configuration of no file. */
public final class Reloading {
    private Reloading() {}

    public static Command.Reload command(MonitorSpec spec) {
        return command(spec, true);
    }

    static Command.Reload command(MonitorSpec spec, boolean bringsBackDeleted) {
        ConfigBundle noFiles = new ConfigBundle(List.of(), Map.of());
        return new Command.Reload(new AcceptedConfig(spec, noFiles), List.of(), bringsBackDeleted);
    }
}
