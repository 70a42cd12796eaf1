@echo off
rem Runs the Maven version this project is built with, fetching it once into the local repository's wrapper folder.
rem It is fetched as an ordinary artifact through the repositories already set up on the machine: with an installed mvn, or,
rem where there is none, from the repository whose address is given in MVNW_REPOURL.
setlocal
set "VERSION=3.9.16"
set "PROJECT=%~dp0"
set "PROJECT=%PROJECT:~0,-1%"
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"
set "DISTS=%MAVEN_USER_HOME%\wrapper\dists"
set "MAVEN_DIST=%DISTS%\apache-maven-%VERSION%"
if exist "%MAVEN_DIST%\bin\mvn.cmd" goto run

set "WORK=%DISTS%\fetch.%RANDOM%%RANDOM%"
mkdir "%WORK%" || exit /b 1
if defined MVNW_REPOURL goto download
where mvn >nul 2>&1 || goto missing
rem From an empty folder, so that neither this project's .mvn settings nor its pom take part.
pushd "%WORK%"
call mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy "-Dartifact=org.apache.maven:apache-maven:%VERSION%:tar.gz:bin" "-DoutputDirectory=%WORK%" -Dmdep.useBaseVersion=true
set "FETCHED=%ERRORLEVEL%"
popd
if not "%FETCHED%"=="0" goto failed
move /y "%WORK%\apache-maven-%VERSION%-bin.tar.gz" "%WORK%\maven.tar.gz" >nul || goto failed
goto unpack

:download
curl -fsSL -o "%WORK%\maven.tar.gz" "%MVNW_REPOURL%/org/apache/maven/apache-maven/%VERSION%/apache-maven-%VERSION%-bin.tar.gz" || goto failed

:unpack
tar -xzf "%WORK%\maven.tar.gz" -C "%WORK%" || goto failed
rem Of several first runs at once one wins and the others use its result.
move "%WORK%\apache-maven-%VERSION%" "%MAVEN_DIST%" >nul 2>&1
rmdir /s /q "%WORK%"
if not exist "%MAVEN_DIST%\bin\mvn.cmd" exit /b 1

:run
call "%MAVEN_DIST%\bin\mvn.cmd" "-Dmaven.multiModuleProjectDirectory=%PROJECT%" %*
exit /b %ERRORLEVEL%

:missing
rmdir /s /q "%WORK%"
echo mvnw: Maven %VERSION% is not here yet. Install any Maven once, or set MVNW_REPOURL to a Maven repository. 1>&2
exit /b 1

:failed
rmdir /s /q "%WORK%"
echo mvnw: Maven %VERSION% could not be fetched. 1>&2
exit /b 1
