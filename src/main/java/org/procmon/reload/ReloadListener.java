package org.procmon.reload;

/** Is notified of reloads, whatever comes of them. Called on the thread of the reload. */
public interface ReloadListener {
    /** A listener that does nothing. */
    ReloadListener NONE =
            new ReloadListener() {
                @Override
                public void reloadStarted() {}

                @Override
                public void reloadEnded() {}
            };

    void reloadStarted();

    void reloadEnded();
}
