package org.procmon.pair;

import java.io.IOException;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.posix.WriterCheck;
import org.procmon.reload.ConfigSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration in the files that the monitor was started with. */
public final class ConfigFiles implements ConfigSource {
    private static final Logger LOG = LoggerFactory.getLogger("reload");

    private final MonitorContext monitorContext;
    private final StateStore stateStore;

    public ConfigFiles(MonitorContext monitorContext, StateStore stateStore) {
        this.monitorContext = monitorContext;
        this.stateStore = stateStore;
    }

    @Override
    public SpecResult files() {
        return SpecReader.read(monitorContext.file(), monitorContext.environment());
    }

    @Override
    public SpecResult filesWithOverrides() {
        SpecResult files = files();
        if (!(files instanceof SpecResult.Valid valid)) {
            return files;
        }
        try {
            return InstanceOverrides.over(stateStore.accepted(), valid, monitorContext);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot read the instances that operators set");
            return files;
        }
    }

    @Override
    public SpecResult followed() throws IOException {
        return SpecReader.follow(
                stateStore.accepted(),
                monitorContext.file(),
                monitorContext.environment(),
                WriterCheck::isBeingWritten);
    }

    @Override
    public SpecResult scaled(String name, int instances) throws IOException {
        return SpecReader.read(
                stateStore.accepted().scaled(name, instances),
                monitorContext.file(),
                monitorContext.environment());
    }
}
