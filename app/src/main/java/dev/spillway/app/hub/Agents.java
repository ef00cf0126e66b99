package dev.spillway.app.hub;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.control.sites.Enrolment;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.control.sites.SiteKeys;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Lets agents in and out, beside a hub that runs or not: both look at the same folder. */
public final class Agents {
  private final Assembly assembly;
  private final Enrolment enrolment;

  private Agents(Assembly assembly, Enrolment enrolment) {
    this.assembly = assembly;
    this.enrolment = enrolment;
  }

  /**
   * Of the hub of this configuration.
   *
   * @throws IOException if it listens for no agents, or its folder cannot be used
   */
  public static Agents of(Path file, Assembly assembly) throws IOException {
    Path base = Settings.folderOf(file);
    Path store = Settings.linkStore(assembly.config(), base);
    if (store == null) {
      throw new IOException("listen.links: not said (expected: where agents can link)");
    }
    FileSiteStore sites = FileSiteStore.in(store);
    SiteKeys keys = SiteDoor.keys(sites, Settings.linkAuthority(assembly.config(), base));
    Enrolment.Terms terms = Settings.linkTerms(assembly.config());
    return new Agents(assembly, new Enrolment(sites, keys, terms, Clock.systemUTC()));
  }

  /**
   * A token for one agent of a site, to be shown once and within 15 minutes; a secret.
   *
   * @throws IllegalArgumentException if there is no such site or tenant, or no deployment that an
   *     agent of that site could serve
   * @throws IOException if the token cannot be kept
   */
  public String token(SiteId id, List<TenantId> tenants) throws IOException {
    Site site = site(id);
    requireSomethingToServe(id);
    for (TenantId each : tenants) {
      if (assembly.tenant(each.value()).isEmpty()) {
        throw new IllegalArgumentException("tenants: no tenant " + each);
      }
    }
    return enrolment.token(id, site.provider(), tenants).reveal();
  }

  /** Tells the agents of a site to leave, and withdraws its tokens. */
  public Enrolment.Revoked revoke(SiteId id) throws IOException {
    return enrolment.revoke(site(id).id());
  }

  /** An agent that nothing is ever sent to looks, at both ends, as if all were well. */
  private void requireSomethingToServe(SiteId id) {
    boolean linked =
        assembly.config().deployments().values().stream()
            .anyMatch(each -> each.site().equals(id) && each.link() != null);
    if (!linked) {
      throw new IllegalArgumentException(
          "site: "
              + id
              + " has no deployment with link: site-agent (expected: one at least, else nothing is"
              + " sent to its agent)");
    }
  }

  private Site site(SiteId id) {
    return assembly.topology().sites().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "site: "
                    + id
                    + " (expected: one of "
                    + assembly.topology().sites().stream().map(Site::id).toList()
                    + ")"));
  }
}
